import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Persian. */
export const fa: Phrases = {
  readMore: phrases(`بیشتر بخوانید | همچنین بخوانید | اخبار مرتبط`),
  signUp: phrases(`عضو شوید | دنبال کنید`),
  labels: phrases(`
    تبلیغات | آگهی | نظرات | اشتراک گذاری | بیشتر بخوانید | همچنین بخوانید | اخبار مرتبط | مطالب مرتبط |
    پربازدیدترین | عکس | ویدئو | منبع | برچسب‌ها
  `),
};
