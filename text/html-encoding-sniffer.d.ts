declare module 'html-encoding-sniffer' {
  /** Name of the encoding that WHATWG HTML's sniffing gives; `defaultEncoding` when nothing is declared. */
  function sniff(
    bytes: Uint8Array,
    options?: { transportLayerEncodingLabel?: string; defaultEncoding?: string },
  ): string;
  export = sniff;
}
