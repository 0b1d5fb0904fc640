/** One robots.txt as it was read; kept in the ledger, so plain JSON. */
export type RobotsEntry = {
  /** `rules` has a text; `none` (4xx: all is allowed); `unreachable` (5xx, network: nothing is allowed for now). */
  state: 'rules' | 'none' | 'unreachable';
  text: string;
  /** ISO 8601. */
  fetchedAt: string;
};

/** Where robots.txt files are kept between runs. */
export type RobotsStore = {
  get(origin: string): Promise<RobotsEntry | null>;
  set(origin: string, entry: RobotsEntry): Promise<void>;
};
