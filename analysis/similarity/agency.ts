/** News agencies under the names of their credits and sites, as they are, normalised by `plain`. */
const AGENCIES: readonly (readonly string[])[] = [
  ['ap', 'associated press', 'the associated press', 'apnews', 'ap news'],
  ['reuters', 'thomson reuters'],
  ['afp', 'agence france presse'],
  ['upi', 'united press international'],
  ['dpa', 'deutsche presse agentur'],
  ['pa', 'pa media', 'press association', 'pa news agency'],
  ['bloomberg', 'bloomberg news'],
  ['cp', 'canadian press', 'the canadian press', 'thecanadianpress'],
  ['aap', 'australian associated press'],
  ['ani', 'asian news international', 'aninews'],
  ['pti', 'press trust of india', 'ptinews'],
  ['ians', 'indo asian news service'],
  ['kyodo', 'kyodo news', 'kyodonews'],
  ['jiji', 'jiji press'],
  ['yonhap', 'yonhap news agency', 'yna'],
  ['xinhua', 'xinhua news agency', 'xinhuanet'],
  ['tass', 'itar tass'],
  ['interfax'],
  ['efe', 'agencia efe'],
  ['europa press', 'europapress'],
  ['ansa'],
  ['apa', 'austria presse agentur'],
  ['keystone sda', 'sda', 'ats'],
  ['anp', 'algemeen nederlands persbureau'],
  ['belga', 'belga news agency'],
  ['ntb', 'norsk telegrambyra'],
  ['tt', 'tt nyhetsbyran', 'tidningarnas telegrambyra'],
  ['ritzau'],
  ['pap', 'polska agencja prasowa'],
  ['lusa'],
  ['anadolu', 'anadolu agency', 'anadolu ajansi'],
  ['states newsroom', 'statesnewsroom'],
  ['propublica'],
  ['kff health news', 'kaiser health news', 'khn', 'kffhealthnews'],
  ['stateline'],
  ['the conversation', 'theconversation'],
  ['project syndicate'],
  ['daily caller news foundation'],
  ['the center square', 'center square', 'thecentersquare'],
];

const plain = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** Whether an agency that a text is credited to is the source itself, by its name or by the host of its site. */
export function isOwnAgency(agency: string | null, source: { name: string; url: string }): boolean {
  if (agency === null) return false;
  const credit = plain(agency);
  const aliases = AGENCIES.find((names) => names.includes(credit)) ?? [credit];
  const host = URL.canParse(source.url) ? new URL(source.url).hostname.replace(/^www\./, '') : '';
  const name = plain(source.name);
  return aliases.some((a) => a === name || host.split('.').includes(a.replaceAll(' ', '')));
}
