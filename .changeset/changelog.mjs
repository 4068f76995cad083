/** One point per changeset, without commits; dependencies are left out, because all packages share one version. */
export async function getReleaseLine({ summary }) {
  const [first, ...rest] = summary.trim().split('\n');
  return `- ${first}\n${rest.map((line) => (line === '' ? '' : `  ${line}`)).join('\n')}`.trimEnd();
}

export async function getDependencyReleaseLine() {
  return '';
}
