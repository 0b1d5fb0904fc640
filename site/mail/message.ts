/** One message to one reader, ready to be sent. */
export type Mail = {
  /** The same for every try; part of `Message-ID`. */
  id: string;
  /** `Name <address>` or an address. */
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  date: Date;
  /** Where one click unsubscribes the reader (RFC 8058); null if the reader is not subscribed. */
  leaveUrl: string | null;
};

/** Sends mail. Throws when it cannot; the newsletter then tries again later. */
export type Mailer = { send(mail: Mail): Promise<void>; close(): Promise<void> };
