/** What is used of it; the package brings no declarations of its own. */
declare module 'nodemailer' {
  export function createTransport(options: {
    url: string;
    connectionTimeout: number;
    greetingTimeout: number;
    socketTimeout: number;
  }): {
    sendMail(mail: { from: string; to: string[]; subject: string; text: string; messageId: string }): Promise<unknown>;
    close(): void;
  };
}
