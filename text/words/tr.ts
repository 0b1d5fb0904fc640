import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Turkish. */
export const tr: Phrases = {
  readMore: phrases(`
    ayrıca okuyun | devamını oku | ilgili haber | ilgili haberler | bunlar da ilginizi çekebilir | çok okunanlar |
    daha fazla | bunu da okuyun | haberin devamı | okumaya devam | daha fazlası | benzer haberler | önerilen |
    önerilenler | son dakika | son haberler | ilginizi çekebilir | tıklayın | video haber | foto galeri
  `),
  signUp: phrases(`
    abone ol | bizi takip | kaydol | bültenimize | üye ol | abone olun | hemen abone | takip edin |
    bizi takip edin | takip et | kayıt ol | üye girişi | üye olun | giriş yap | destek ol | tıklayınız |
    e-posta adresiniz | gizlilik politikası | uygulamayı indir | paylaşın | yorum yap | yorum yaz | haberdar ol
  `),
  labels: phrases(`
    reklam | yorumlar | paylaş | etiketler | yazdır | sponsorlu | sponsorlu içerik | haberin devamı | yorum yap |
    yorum yaz | yorumları gör | facebook'ta paylaş | twitter'da paylaş | whatsapp'ta paylaş | bağlantıyı kopyala |
    kaydet | dinle | ilgili haberler | benzer haberler | önerilen haberler | çok okunanlar | en çok okunanlar |
    son haberler | son dakika | daha fazla | devamını oku | abone ol | giriş yap | üye ol | ana sayfa | anasayfa |
    başa dön | yukarı | fotoğraf | foto galeri | video | görsel | kaynak | kaynaklar | yazar | editör |
    güncelleme | okuma süresi | bizi takip edin
  `),
  copyright: phrases(`tüm hakları saklıdır | her hakkı saklıdır`),
  reportedBy: phrases(`kaynak: | haber:`),
  by: phrases(`yazan: | yazar: | haber:`),
  credit: phrases(`fotoğraf | foto | kaynak`),
};
