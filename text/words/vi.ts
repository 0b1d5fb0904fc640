import { type Phrases, phrases } from './packed.js';

/** Boilerplate in Vietnamese. */
export const vi: Phrases = {
  readMore: phrases(`xem thêm | đọc thêm | mời xem`),
  signUp: phrases(`đăng ký | theo dõi`),
  labels: phrases(`
    quảng cáo | bình luận | chia sẻ | xem thêm | đọc thêm | tin liên quan | bài liên quan | đọc nhiều | ảnh |
    video | nguồn | từ khóa
  `),
};
