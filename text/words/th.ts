import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Thai. */
export const th: Phrases = {
  readMore: phrases(`อ่านต่อ | อ่านเพิ่มเติม | ข่าวที่เกี่ยวข้อง`),
  labels: phrases(`
    โฆษณา | ความคิดเห็น | แชร์ | อ่านต่อ | อ่านเพิ่มเติม | ข่าวที่เกี่ยวข้อง | ภาพ | วิดีโอ | ที่มา | แท็ก
  `),
};
