import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Italian. */
export const it: Phrases = {
  readMore: phrases(`
    leggi anche | leggi tutto | leggi di più | potrebbe interessarti | vedi anche | articoli correlati |
    per approfondire | guarda anche | i più letti | leggi qui | leggi l'articolo | leggi: | leggi la |
    leggi altre | leggi le | leggi di | continua a leggere | scopri di più | scopri anche |
    ti potrebbe interessare | potrebbero interessarti | ti consigliamo | articoli simili | notizie correlate |
    altre notizie | ultime notizie | guarda il video | guarda le foto | foto gallery | per saperne di più |
    per maggiori informazioni | in primo piano | vedi tutti | approfondimento:
  `),
  signUp: phrases(`
    iscriviti | abbonati | seguici | registrati | newsletter | ricevi | scarica | iscriviti alla | iscriviti al |
    iscriviti a | iscriviti gratis | abbonati a | abbonati ora | seguici su | segui | unisciti |
    rimani aggiornato | resta aggiornato | resta sempre | sostieni | sostienici | clicca qui | accedi |
    effettua il login | hai già un | sei già abbonato | crea un account | contenuto riservato |
    riservato agli abbonati | per continuare a leggere | per leggere | per commentare | la tua email |
    inserisci la | ho letto | privacy policy | informativa | condividi | commenta | scrivi a | scrivici |
    segnala | scarica l'app | scarica la | il canale whatsapp | canale telegram | grazie per
  `),
  labels: phrases(`
    pubblicità | commenti | condividi | stampa | tag | annuncio | argomenti | contenuto sponsorizzato |
    sponsorizzato | continua a leggere | lascia un commento | vedi i commenti | commenta | nessun commento |
    condividi su facebook | condividi su twitter | condividi l'articolo | copia link | link copiato | invia |
    salva | ascolta | ascolta l'articolo | leggi anche | vedi anche | vedi tutti | leggi tutto |
    articoli correlati | notizie correlate | potrebbe interessarti | ti potrebbe interessare | i più letti |
    più letti | ultime notizie | ultima ora | in evidenza | in primo piano | newsletter | iscriviti | abbonati |
    accedi | registrati | torna su | torna alla home | home | etichette | foto | video | fotogallery | galleria |
    immagine | ingrandisci | fonte | fonti | autore | l'autore | redazione | pubblicato | aggiornato |
    tempo di lettura | seguici | seguici su | riservato agli abbonati | riproduzione riservata
  `),
  copyright: phrases(`
    tutti i diritti riservati | riproduzione riservata | © riproduzione | copyright | © |
    vietata la riproduzione | questo articolo è stato pubblicato
  `),
  disclosure: phrases(`questo articolo contiene link | potremmo ricevere una commissione`),
  reportedBy: phrases(`a cura di | traduzione di | tradotto da`),
  by: phrases(`di | da | scritto da | autore: | articolo di | pubblicato da`),
  credit: phrases(`foto | foto: | foto di | crediti | credit | immagine`),
};
