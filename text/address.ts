/** A longer address fits no index of a database, and hardly any server takes it. */
export const MAX_URL_CHARACTERS = 2000;
