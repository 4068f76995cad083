export function takeRequireBack(): void {}
