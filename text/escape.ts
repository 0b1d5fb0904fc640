const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (c: string): string => ESCAPES[c] ?? c;

/** Text between the tags of HTML or XML. */
export const escapeText = (text: string): string => text.replace(/[&<>]/g, escaped);

/** Text for HTML or XML, values between double quotes included. */
export const escapeQuoted = (text: string): string => text.replace(/[&<>"]/g, escaped);

/** Text for HTML, values between quotes of either kind included. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, escaped);
