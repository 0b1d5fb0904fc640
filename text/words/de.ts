import { type Phrases, phrases } from './packed.js';

/** Boilerplate in German. */
export const de: Phrases = {
  readMore: phrases(`
    lesen sie auch | lesen sie mehr | mehr zum thema | mehr dazu | siehe auch | auch interessant |
    das könnte sie auch interessieren | weiterlesen | zum thema | empfohlener inhalt | meistgelesen | mehr von |
    hier geht es | lesen sie hier | lesen sie dazu | lesen sie jetzt | lesetipp | mehr lesen | mehr erfahren |
    mehr zu | mehr aus | mehr nachrichten | mehr infos | weitere artikel | weitere informationen |
    weitere themen | weitere nachrichten | weitere meldungen | weiter lesen | auch lesenswert | auch spannend |
    passend dazu | passend zum thema | hintergrund: | video: | bilderstrecke | fotostrecke | ähnliche artikel |
    verwandte artikel | verwandte themen | die wichtigsten | alles zum thema | alle artikel | zum artikel |
    zur übersicht | jetzt lesen | meistgelesene | aktuelle nachrichten | das könnte dich | auch auf | lies auch |
    lies mehr | kommentar: | interview: | liveblog
  `),
  signUp: phrases(`
    abonnieren | jetzt abonnieren | newsletter | melden sie sich | folgen sie | jetzt anmelden | jetzt kostenlos |
    bleiben sie informiert | laden sie | unser newsletter | newsletter abonnieren | newsletter bestellen |
    zum newsletter | jetzt newsletter | hier anmelden | hier abonnieren | hier geht's zum | jetzt registrieren |
    jetzt testen | jetzt weiterlesen | jetzt lesen mit | jetzt app | app herunterladen | folgen sie uns |
    folge uns | folgt uns | bleib auf dem laufenden | bleiben sie auf dem laufenden | diskutieren sie |
    schreiben sie uns | schreib uns | haben sie | ihre meinung | teilen sie | unterstützen sie | unterstütze |
    mitglied werden | bereits abonnent | bereits registriert | sie haben bereits | einloggen | bitte melden |
    bitte aktivieren | um diesen artikel | um weiterzulesen | dieser artikel ist | exklusiv für abonnenten |
    an dieser stelle finden sie | mit ihrer zustimmung | ich bin damit einverstanden | ich stimme zu |
    datenschutz | nutzungsbedingungen | es gelten | vielen dank für ihre | fehler gefunden |
    hinweis der redaktion | hier können sie | alle infos | erhalten sie | verpassen sie | nichts mehr verpassen |
    kostenlos anmelden | per e-mail
  `),
  labels: phrases(`
    anzeige | werbung | kommentare | kommentar | teilen | drucken | schlagwörter | themen | zur startseite |
    mehr | artikel teilen | merken | vorlesen | bild | foto | anzeigen | werbung endet |
    weiterlesen nach der anzeige | artikel weiterlesen | nach der werbung geht es weiter | kommentare anzeigen |
    kommentar schreiben | kommentieren | keine kommentare | alle kommentare | artikel drucken |
    artikel versenden | artikel merken | artikel anhören | anhören | link kopieren | link kopiert |
    auf facebook teilen | auf twitter teilen | auf x teilen | per e-mail teilen | per whatsapp teilen | per mail |
    schlagworte | tags | themen dieses artikels | mehr zum thema | mehr zu diesem thema | zum thema | startseite |
    zurück | zurück zur startseite | nach oben | zum seitenanfang | autor | autoren | über den autor |
    über die autorin | newsletter | newsletter abonnieren | abonnieren | anmelden | registrieren | einloggen |
    empfehlungen | empfohlene artikel | das könnte sie auch interessieren | auch interessant | meistgelesen |
    meistgelesene artikel | meistkommentiert | neueste artikel | aktuelles | top-themen | ähnliche artikel |
    verwandte artikel | verwandte themen | bildergalerie | fotostrecke | bilder | video | videos | vergrößern |
    quelle | quellen | bildunterschrift anzeigen | mehr anzeigen | weniger anzeigen | alle anzeigen |
    weitere artikel | nächster artikel | vorheriger artikel | inhalt | inhaltsverzeichnis | push-nachrichten |
    aktualisiert | lesezeit | externer inhalt | empfohlener externer inhalt | redaktion
  `),
  copyright: [
    ...phrases(`
    alle rechte vorbehalten | urheberrecht | copyright | nachdruck | dieser artikel erschien zuerst |
    dieser text erschien | dieser beitrag erschien | mit genehmigung | transparenzhinweis
  `),
    '© ',
  ],
  disclosure: phrases(`
    wir erhalten eine provision | affiliate-links | die mit * gekennzeichneten | diese seite enthält affiliate
  `),
  reportedBy: phrases(`
    bericht von | redaktion: | mit material von | redaktionelle mitarbeit | übersetzt von | quelle: | quellen:
  `),
  by: phrases(`von | von: | autor: | autorin: | ein artikel von | ein kommentar von | text:`),
  credit: phrases(`
    foto: | fotos: | bild: | bildquelle | quelle: | imago | symbolbild | archivbild | foto von | © foto
  `),
};
