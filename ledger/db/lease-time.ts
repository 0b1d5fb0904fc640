/** Seconds that a claimed row stays its worker's; a living process renews it (leases.ts), a dead one's falls free after it. */
export const LEASE_SECONDS = 30;
