import { describe, expect, it } from 'vitest';
import { isOwnAgency } from '../../../analysis/similarity/agency.js';

describe('isOwnAgency', () => {
  it('knows an agency by name, by another of its names, and by its site', () => {
    expect(isOwnAgency('Reuters', { name: 'Reuters', url: 'https://www.reuters.com/' })).toBe(true);
    expect(isOwnAgency('AP', { name: 'AP News', url: 'https://apnews.com/' })).toBe(true);
    expect(isOwnAgency('Agence France-Presse', { name: 'AFP.com', url: 'https://www.afp.com/en' })).toBe(true);
    expect(isOwnAgency('Nordic Wire', { name: 'Nordic Wire', url: 'https://wire.example/' })).toBe(true);
  });

  it('knows that others only print it', () => {
    expect(isOwnAgency('Reuters', { name: 'The Gazette', url: 'https://gazette.example/' })).toBe(false);
    expect(isOwnAgency('AP', { name: 'Apple Daily', url: 'https://appledaily.example/' })).toBe(false);
    expect(isOwnAgency(null, { name: 'Reuters', url: 'https://www.reuters.com/' })).toBe(false);
  });
});
