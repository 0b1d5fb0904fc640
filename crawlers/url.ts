/** The key by which two spellings of one article's URL are the same: scheme, www, trailing slash, trackers and order of parameters do not matter. */
export function urlKey(_url: string): string {
  throw new Error('not built yet');
}

/** A URL without trackers and fragment, as it is asked for and shown. */
export function cleanUrl(_url: string): string {
  throw new Error('not built yet');
}
