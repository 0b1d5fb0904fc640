/** How fast one host may be asked. */
export type HostPolicy = {
  /** Requests to the host at the same time. */
  concurrency: number;
  /** Milliseconds between the starts of two requests. */
  delayMs: number;
};

/** Lets a request to a host begin when it is that host's turn. */
export type HostGate = {
  /** Waits for a turn. @returns what gives the turn back; call it once, when the answer is read. */
  acquire(host: string, policy: HostPolicy, signal?: AbortSignal): Promise<() => void | Promise<void>>;
  /** Nothing more is asked of the host for this long (`Retry-After`). */
  pause(host: string, milliseconds: number): Promise<void>;
};
