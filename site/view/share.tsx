/** Links that share an article elsewhere. They are plain addresses, so nobody learns who reads what. */
export function Share({ title, url, image }: { title: string; url: string; image: string | null }) {
  return (
    <nav aria-label="Share">
      <ul class="share">
        {targets(title, url, image).map(([name, href]) => (
          <li>
            <a href={href} rel="noopener external nofollow">
              {name}
            </a>
          </li>
        ))}
        <li>
          <button type="button" data-copy={url} hidden>
            Copy link
          </button>
        </li>
      </ul>
    </nav>
  );
}

function targets(title: string, url: string, image: string | null): [string, string][] {
  const q = (parts: Record<string, string>) =>
    Object.entries(parts)
      .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
      .join('&');
  return [
    ['Facebook', `https://www.facebook.com/sharer/sharer.php?${q({ u: url })}`],
    ['X', `https://x.com/intent/post?${q({ url, text: title })}`],
    ['LinkedIn', `https://www.linkedin.com/sharing/share-offsite/?${q({ url })}`],
    [
      'Pinterest',
      `https://www.pinterest.com/pin/create/button/?${q({ url, description: title, ...(image ? { media: image } : {}) })}`,
    ],
    ['Telegram', `https://t.me/share/url?${q({ url, text: title })}`],
    ['Tumblr', `https://www.tumblr.com/widgets/share/tool?${q({ canonicalUrl: url, title })}`],
    ['WhatsApp', `https://wa.me/?${q({ text: `${title} ${url}` })}`],
    ['Email', `mailto:?${q({ subject: title, body: url })}`],
  ];
}
