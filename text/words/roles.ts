/** Words of jobs and of offices, by language: they follow or replace a name and are none. */
const ROLES: Record<string, string> = {
  en: 'staff writer reporter editor correspondent columnist contributor contributing contributors journalist producer photographer photojournalist freelance freelancer senior junior associate assistant deputy managing executive chief political national international foreign white house business sports health science technology tech entertainment features education analyst critic author blogger intern fellow editorial director manager head of for the at anchor host lead breaking live digital multimedia investigative reporters editors writers correspondents specialist expert guest special news desk team admin administrator webmaster newsroom opinion commentary',
  de: 'redakteur redakteurin redaktion korrespondent korrespondentin reporter reporterin autor autorin journalist journalistin volontär volontärin chefredakteur ressortleiter leiter freie freier mitarbeiter mitarbeiterin',
  fr: 'journaliste rédaction rédacteur rédactrice correspondant correspondante envoyé spécial envoyée spéciale chef service chroniqueur chroniqueuse éditorialiste auteur autrice',
  es: 'redacción redactor redactora corresponsal periodista colaborador colaboradora enviado especial editor editora columnista autor autora',
  it: 'redazione redattore giornalista corrispondente inviato collaboratore direttore autore autrice',
  pt: 'redação repórter jornalista correspondente editor editora colunista colaborador colaboradora autor autora enviado especial',
  nl: 'redactie redacteur verslaggever correspondent journalist columnist auteur medewerker',
  pl: 'redakcja redaktor dziennikarz dziennikarka korespondent autor autorka',
  tr: 'editör muhabir yazar gazeteci haber merkezi',
  ru: 'редакция редактор корреспондент журналист обозреватель автор',
  uk: 'редакція редактор кореспондент журналіст журналістка автор',
  ar: 'مراسل محرر صحفي كاتب',
  he: 'כתב כתבת עורך מערכת',
  ja: '記者 編集部 編集 ライター',
  zh: '记者 編輯 编辑 記者 责任编辑 本报记者',
  ko: '기자 편집 특파원 논설위원',
};

/** Lower-case words of jobs in all languages. */
export const ROLE_WORDS: ReadonlySet<string> = new Set(Object.values(ROLES).flatMap((words) => words.split(' ')));

/** Endings and words that only organisations have in their names. */
export const ORGANISATION =
  /(?:^|[\s.])(?:inc|llc|ltd|gmbh|corp|corporation|company|co|group|media|network|networks|newspapers?|news|press|agency|agencies|times|post|tribune|herald|gazette|daily|journal|magazine|editors|staff|team|desk|newsroom|editorial|board|services?|wire|wires|reports|studios?|foundation|institute|university|department|ministry|association|society|committee|council|channel|tv|radio|online|digital|community|club|partners|agentur|redaktion|redacción|redacao|redação|redazione|rédaction|redactie|redakcja|agencia|agência|agenzia|agence|presse|zeitung|nachrichten|редакция|агентство|новости|com|net|org|co\.uk)(?:$|[\s.])/iu;
