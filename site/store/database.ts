/** A node-postgres pool, or anything that answers like one: single statements, no transaction over several. */
export type SiteDb = { query<T>(text: string, params?: readonly unknown[]): Promise<{ rows: T[] }> };
