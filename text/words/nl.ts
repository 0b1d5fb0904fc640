import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Dutch. */
export const nl: Phrases = {
  readMore: phrases(`
    lees ook | lees meer | lees verder | zie ook | bekijk ook | meer over | gerelateerd | meest gelezen |
    lees hier | lees het | lees alles | lees verder: | lees meer: | lees ook: | meer nieuws | meer lezen |
    meer informatie | verder lezen | ook interessant | bekijk hier | bekijk meer | gerelateerde | aanbevolen |
    kijk ook | luister ook | populair | laatste nieuws | net binnen
  `),
  signUp: phrases(`
    abonneer | schrijf je in | meld je aan | volg ons | nieuwsbrief | ontvang | download de | abonneer je |
    abonneer u | word abonnee | word lid | neem een abonnement | schrijf u in | meld u aan | meld je hier |
    registreer | volg ons op | volg het | blijf op de hoogte | steun | doneer | klik hier | log in | inloggen |
    al abonnee | al een account | heb je al | maak een account | alleen voor abonnees | exclusief voor |
    verder lezen? | om verder te lezen | dit artikel is | je e-mailadres | uw e-mailadres | privacybeleid |
    voorwaarden | deel dit | reageer | tip de redactie | heb je een tip | mail ons | download onze | ontvang de |
    ontvang elke | ontvang dagelijks | nieuwsbrief ontvangen | bedankt voor
  `),
  labels: phrases(`
    advertentie | reacties | delen | deel dit artikel | onderwerpen | afdrukken | gesponsord |
    gesponsorde inhoud | lees verder | lees verder onder de advertentie | tekst gaat verder onder de foto |
    tekst gaat door onder de foto | artikel gaat verder onder | reageer | plaats een reactie | geef een reactie |
    bekijk reacties | deel | deel op facebook | deel op twitter | deel via whatsapp | deel via e-mail |
    kopieer link | link gekopieerd | bewaren | bewaar | luister | beluister | beluister artikel | lees ook |
    bekijk ook | lees meer | bekijk meer | toon meer | toon minder | gerelateerd | gerelateerde artikelen |
    meest gelezen | net binnen | laatste nieuws | aanbevolen | nieuwsbrief | aanmelden | inloggen | abonneer |
    terug | terug naar boven | naar boven | home | tags | trefwoorden | foto | foto's | video | video's | beeld |
    vergroot | bron | bronnen | auteur | over de auteur | redactie | gepubliceerd | bijgewerkt | leestijd |
    volg ons | alleen voor abonnees
  `),
  copyright: phrases(`alle rechten voorbehouden`),
  reportedBy: phrases(`vertaald door | bron:`),
  by: phrases(`door | door: | auteur: | geschreven door`),
  credit: phrases(`foto | foto: | beeld | beeld: | bron:`),
};
