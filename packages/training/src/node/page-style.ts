import { DARK_PICTURE_COLORS } from '../report/picture-colors.js';

/**
 * What all pages share. Colors are variables, so that a page can use them in its own rules and drawings; those that
 * begin with `--maxent` color the environments' pictures.
 */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --paper: #f5f7fa; --card: #fff; --text: #1f2933; --quiet: #52606d; --edge: #d5dbe2; --accent: #0072b2; --soft: #0072b240; --notice: #fff8e6; --notice-edge: #e0bd5f; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #12161b; --card: #1a2027; --text: #e4e9ee; --quiet: #a5b1bd; --edge: #34404b; --accent: #56b4e9; --soft: #56b4e955; --notice: #2c2614; --notice-edge: #6d5a1f; ${DARK_PICTURE_COLORS}; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--text); font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 20px 16px 40px; }
header { margin-bottom: 16px; }
h1 { font-size: 22px; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 17px; margin: 28px 0 10px; }
header p { margin: 4px 0 0; color: var(--quiet); overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--edge); border-radius: 10px; padding: 12px; min-width: 0; }
button, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--quiet); border-radius: 8px; padding: 6px 12px; min-height: 36px; }
input[type="range"] { accent-color: var(--accent); min-width: 0; }
table { border-collapse: collapse; }
td, th { text-align: left; vertical-align: top; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
svg { display: block; max-width: 100%; height: auto; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (max-width: 760px) { main { padding: 14px 10px 30px; } }
`;
