import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Spanish. */
export const es: Phrases = {
  readMore: phrases(`
    lea también | lee también | leer más | leer también | te puede interesar | le puede interesar |
    más información | ver también | noticias relacionadas | relacionado | más leídas | mira también |
    también puedes leer | lo más leído | lee más | lee aquí | lea más | lea aquí | leer también: | lee: | lea: |
    ver más | ver todo | vea también | vea más | conoce más | sigue leyendo | seguir leyendo | continúa leyendo |
    te recomendamos | le recomendamos | recomendado | recomendados | recomendadas | artículos relacionados |
    temas relacionados | contenido relacionado | nota relacionada | otras noticias | en otras noticias | además: |
    en video | en fotos | en vivo | quizás te interese | puede interesarle | te podría interesar | no te pierdas |
    noticia relacionada | últimas noticias | para más información | para leer más | entérate | descubre más
  `),
  signUp: phrases(`
    suscríbete | suscríbase | regístrate | síguenos | siga con | únete | recibe | newsletter | inicia sesión |
    descarga | suscríbete a | suscríbete al | suscríbete aquí | suscribirse | suscribete | regístrate para |
    regístrese | síguenos en | síguenos en google | sigue nuestro | sigue a | sigue las | únete a | únase |
    recibe en | recibe nuestro | recibe las | mantente informado | apoya | apóyanos | haz clic | haga clic |
    da clic | iniciar sesión | inicie sesión | ya soy suscriptor | ya eres suscriptor | ya tienes cuenta |
    crea una cuenta | crea tu cuenta | contenido exclusivo | exclusivo para suscriptores |
    este contenido es exclusivo | para seguir leyendo | para continuar leyendo | para comentar | tu correo |
    correo electrónico | al suscribirte | al registrarte | política de privacidad | términos y condiciones |
    comparte | compártelo | comenta | déjanos | escríbenos | reportar un error | descarga la | descarga nuestra |
    canal de whatsapp | nuestro canal | gracias por
  `),
  labels: phrases(`
    publicidad | anuncio | comentarios | compartir | imprimir | etiquetas | temas | más noticias | inicio |
    continúa después del anuncio | publicidad - sigue leyendo | contenido patrocinado | patrocinado |
    continúa leyendo | sigue leyendo | comentar | ver comentarios | deja un comentario | sin comentarios |
    compartir en facebook | compartir en twitter | compartir en whatsapp | compartir artículo | comparte |
    comparte esta noticia | copiar enlace | enlace copiado | enviar | enviar por correo | guardar | escuchar |
    escuchar artículo | lee también | lea también | te puede interesar | le puede interesar | ver más | ver todo |
    ver todas | leer más | noticias relacionadas | artículos relacionados | contenido relacionado |
    temas relacionados | relacionados | relacionadas | más leídas | lo más leído | lo más visto | lo último |
    últimas noticias | destacados | tendencias | boletín | newsletter | suscríbete | suscribirse |
    iniciar sesión | registrarse | volver | volver arriba | etiquetado en | archivado en | más sobre |
    más información | galería | fotogalería | imagen | foto | fotos | vídeo | video | videos | ampliar | crédito |
    fuente | fuentes | autor | sobre el autor | redacción | publicado | actualizado | tiempo de lectura |
    síguenos | síguenos en | exclusivo para suscriptores | continúa leyendo la historia
  `),
  copyright: phrases(`
    todos los derechos reservados | derechos reservados | prohibida la reproducción | copyright | © |
    este artículo fue publicado | este artículo se publicó | las opiniones expresadas | queda prohibida
  `),
  disclosure: phrases(`este artículo contiene enlaces | podemos recibir una comisión`),
  reportedBy: phrases(`
    reporte de | información de | editado por | con información de | redacción: | traducido por
  `),
  by: phrases(`por | por: | escrito por | autor: | publicado por | redacción`),
  credit: phrases(`foto: | foto | fotografía | imagen | crédito | créditos | archivo`),
};
