import { type Phrases, phrases } from './packed.js';

/** Boilerplate in French. */
export const fr: Phrases = {
  readMore: phrases(`
    lire aussi | à lire aussi | a lire aussi | lire la suite | lire également | à lire | voir aussi |
    sur le même sujet | notre sélection | les plus lus | pour aller plus loin | en savoir plus | à voir aussi |
    à lire également | lire plus | lire l'article | lire notre | lire la | voir plus | voir tous |
    plus d'articles | plus d'infos | plus d'informations | articles liés | articles similaires | article suivant |
    article précédent | à découvrir | à écouter | à regarder | découvrez aussi | retrouvez |
    dans la même rubrique | sur le même thème | nos derniers articles | les plus consultés | vous aimerez aussi |
    vous pourriez aussi | vidéo : | en images | en direct | notre dossier | aller plus loin | décryptage :
  `),
  signUp: phrases(`
    abonnez-vous | inscrivez-vous | s'abonner | recevez | suivez-nous | rejoignez | newsletter | déjà abonné |
    téléchargez | soutenez | abonnez vous | abonnement | je m'abonne | je m'inscris | inscription | s'inscrire |
    recevoir | recevez chaque | restez informé | suivez nous | suivez toute | suivez l'actualité |
    rejoignez-nous | soutenez-nous | faire un don | déjà inscrit | déjà un compte | se connecter |
    connectez-vous | identifiez-vous | créez un compte | créer un compte | cet article est réservé |
    article réservé | contenu réservé | réservé aux abonnés | il vous reste | pour lire la suite |
    pour continuer | pour commenter | en vous inscrivant | en cliquant | votre adresse | vos données |
    politique de confidentialité | conditions générales | ce contenu a été bloqué | ce contenu n'a pas |
    cliquez ici | partagez | signaler une erreur | une erreur | merci de | commentez | réagissez | votre avis |
    ne manquez | ne ratez | toute l'actualité | toute l'info | chaque matin | chaque semaine | télécharger
  `),
  labels: phrases(`
    publicité | commentaires | partager | imprimer | mots-clés | thèmes | la suite après la publicité |
    suite de l’article | réagir | accueil | publicités | annonce | contenu sponsorisé | commenter |
    voir les commentaires | aucun commentaire | laisser un commentaire | partager cet article |
    partager l'article | partager sur facebook | partager sur twitter | partager par e-mail | copier le lien |
    lien copié | envoyer | envoyer par e-mail | imprimer l'article | sauvegarder | enregistrer | écouter |
    écouter l'article | lire aussi | à lire aussi | lire plus | lire la suite | voir plus | voir tout |
    sur le même sujet | sur le même thème | articles liés | articles similaires | les plus lus |
    les plus populaires | à la une | dernières actualités | dernières nouvelles | newsletter | s'abonner |
    s'inscrire | je m'abonne | se connecter | connexion | retour | haut de page | retour en haut | sommaire |
    étiquettes | sujets | rubriques | vidéo | vidéos | photo | photos | diaporama | agrandir | crédit | crédits |
    légende | source | sources | l'auteur | à propos de l'auteur | publié le | mis à jour le | temps de lecture |
    suivez-nous | abonnés | réservé aux abonnés | article réservé aux abonnés
  `),
  copyright: phrases(`
    tous droits réservés | droits réservés | reproduction interdite | copyright | © | toute reproduction |
    reproduction | cet article a été publié | cet article est republié | les opinions exprimées
  `),
  disclosure: phrases(`certains liens | liens affiliés`),
  reportedBy: phrases(`
    rédigé par | édité par | reportage de | avec afp | version française | traduit par | edité par |
    avec reuters
  `),
  by: phrases(`par | par: | publié par | écrit par | auteur :`),
  credit: phrases(`
    photo | photo : | crédit photo | crédit | crédits | illustration | photo d’illustration |
    image d’illustration
  `),
};
