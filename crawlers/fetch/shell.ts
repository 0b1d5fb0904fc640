/** Whether a static page holds nothing but scripts that would write it. */
export function looksLikeEmptyShell(_html: string): boolean {
  throw new Error('not built yet');
}
