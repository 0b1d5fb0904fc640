import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Portuguese. */
export const pt: Phrases = {
  readMore: phrases(`
    leia também | leia mais | veja também | saiba mais | notícias relacionadas | mais lidas | veja mais |
    confira também | relacionadas | leia a | leia o | leia aqui | leia: | leia ainda | leia na íntegra |
    ler mais | ver mais | veja a | veja o | veja fotos | veja vídeo | veja: | assista | continue lendo |
    continue a ler | conheça | matérias relacionadas | conteúdo relacionado | artigos relacionados |
    outras notícias | últimas notícias | mais notícias | mais sobre | você pode gostar | pode interessar |
    recomendado | recomendadas | em alta | para mais informações | acompanhe
  `),
  signUp: phrases(`
    assine | inscreva-se | cadastre-se | siga-nos | siga o | receba | participe do | newsletter | baixe |
    assine a | assine o | assine já | assinante | inscreva-se no | inscreva-se na | cadastre-se para |
    siga nosso | siga a | siga-nos no | receba as | receba no | receba notícias | participe | entre no |
    entre para | faça parte | fique por dentro | apoie | clique aqui | clique para | faça login | faça seu |
    já é assinante | já tem conta | crie uma conta | crie sua conta | conteúdo exclusivo |
    exclusivo para assinantes | para continuar lendo | para ler | para comentar | seu e-mail | ao se inscrever |
    ao se cadastrar | política de privacidade | termos de uso | compartilhe | comente | deixe seu | envie |
    baixe o | canal do | canal no whatsapp | nosso canal | obrigado por | gostou
  `),
  labels: phrases(`
    publicidade | anúncio | comentários | compartilhar | compartilhe | imprimir | tags |
    continua após a publicidade | tópicos | partilhar | continua depois da publicidade | conteúdo patrocinado |
    patrocinado | continue lendo | comentar | ver comentários | deixe um comentário | deixe seu comentário |
    nenhum comentário | compartilhar no facebook | compartilhar no twitter | compartilhar no whatsapp |
    compartilhe esta notícia | compartilhe isso | copiar link | link copiado | enviar | enviar por e-mail |
    salvar | ouvir | ouvir notícia | ouça | leia também | leia mais | veja também | veja mais | ver mais |
    ver todos | saiba mais | notícias relacionadas | artigos relacionados | matérias relacionadas | relacionados |
    relacionadas | mais lidas | mais lidos | mais vistas | últimas notícias | destaques | em alta | newsletter |
    assine | inscreva-se | cadastre-se | entrar | login | voltar | voltar ao topo | início | página inicial |
    assuntos | marcadores | galeria | foto | fotos | vídeo | vídeos | imagem | ampliar | crédito | fonte |
    fontes | autor | sobre o autor | redação | publicado | atualizado | tempo de leitura | siga-nos |
    exclusivo para assinantes
  `),
  copyright: phrases(`
    todos os direitos reservados | direitos reservados | proibida a reprodução | copyright | © |
    este artigo foi publicado | reprodução proibida | é proibida a reprodução | as opiniões expressas
  `),
  disclosure: phrases(`podemos receber uma comissão | este artigo contém links`),
  reportedBy: phrases(`reportagem de | edição de | com informações | por redação | tradução de`),
  by: phrases(`por | por: | escrito por | autor: | publicado por | da redação`),
  credit: phrases(`foto: | foto | imagem | crédito | créditos | reprodução | divulgação | arquivo`),
};
