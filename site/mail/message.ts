/** One message to one reader, ready to be sent. */
export type Mail = {
  /** Stable over repeats; becomes part of `Message-ID`. */
  id: string;
  /** `Name <address>` or an address. */
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  date: Date;
  /** Where one click ends the subscription (RFC 8058); null where there is none. */
  leaveUrl: string | null;
};

/** Brings mail out of the house. Throws when it cannot; the message is then tried again later. */
export type Mailer = { send(mail: Mail): Promise<void>; close(): Promise<void> };
