export { type BrowserApp, type BrowserProgram, makeBrowserApp } from './browser-app.js';
export { requireBrowser } from './chromium.js';
export { openPage, type Page, type PageView } from './page.js';
export { openViewer, VIEWS, type View, type Viewer, type ViewProblems } from './page-views.js';
export { type Site, visitSite } from './site.js';
export type { Visit } from './visit.js';
