import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Polish. */
export const pl: Phrases = {
  readMore: phrases(`
    czytaj też | czytaj także | czytaj więcej | zobacz też | zobacz także | zobacz również | przeczytaj też |
    przeczytaj także | polecamy | przeczytaj również | czytaj: | czytaj dalej | czytaj również | czytaj na |
    zobacz: | zobacz więcej | sprawdź | sprawdź też | więcej: | więcej na | więcej informacji | powiązane |
    podobne artykuły | polecane | warto przeczytać | najczęściej czytane | najnowsze | oglądaj | posłuchaj |
    przeczytaj | przejdź do
  `),
  signUp: phrases(`
    zapisz się | subskrybuj | zaprenumeruj | obserwuj nas | dołącz do | newsletter | pobierz | zapisz się na |
    zapisz się do | subskrybuj nas | kup dostęp | kup subskrypcję | wykup | prenumerata | obserwuj | śledź nas |
    polub nas | dołącz | bądź na bieżąco | wesprzyj | wspieraj | kliknij | kliknij tutaj | zaloguj | zaloguj się |
    masz już | załóż konto | zarejestruj | treść dostępna | dostęp do | aby przeczytać | aby czytać |
    twój e-mail | adres e-mail | polityka prywatności | regulamin | udostępnij | skomentuj | napisz do nas |
    masz temat | zgłoś | pobierz aplikację | dziękujemy za | chcesz być na bieżąco
  `),
  labels: phrases(`
    reklama | komentarze | udostępnij | drukuj | tagi | dalszy ciąg materiału pod wideo | tematy |
    artykuł sponsorowany | materiał sponsorowany | sponsorowane | dalsza część artykułu pod materiałem wideo |
    dalsza część tekstu pod | dalszy ciąg tekstu pod | dodaj komentarz | skomentuj | zobacz komentarze |
    brak komentarzy | udostępnij na facebooku | udostępnij na twitterze | kopiuj link | wyślij | zapisz |
    posłuchaj | czytaj też | czytaj także | czytaj również | zobacz też | zobacz także | zobacz również |
    przeczytaj też | przeczytaj także | więcej | pokaż więcej | zobacz więcej | czytaj więcej | czytaj dalej |
    powiązane | powiązane artykuły | podobne artykuły | najczęściej czytane | najnowsze | polecane | polecamy |
    newsletter | zapisz się | zaloguj się | zaloguj | wróć | do góry | strona główna | słowa kluczowe | zdjęcie |
    zdjęcia | foto | wideo | galeria | powiększ | źródło | źródła | autor | o autorze | redakcja | opublikowano |
    aktualizacja | czas czytania | obserwuj nas
  `),
  copyright: phrases(`wszelkie prawa zastrzeżone | wszystkie prawa zastrzeżone`),
  reportedBy: phrases(`opracowanie | źródło: | tłumaczenie`),
  by: phrases(`autor: | opracował | opracowała | napisał | tekst:`),
  credit: phrases(`fot. | fot | foto: | zdjęcie | źródło: | autor:`),
};
