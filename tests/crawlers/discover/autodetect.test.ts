import { describe, expect, it } from 'vitest';
import { feedLinksOf } from '../../../crawlers/discover/feed-links.js';

const url = 'https://harbour.example/news/';
const links = (html: string) => feedLinksOf(Buffer.from(`<html><head>${html}</head></html>`), url);
const alternate = (href: string, type = 'application/rss+xml', title = '') =>
  `<link rel="alternate" type="${type}" title="${title}" href="${href}">`;

describe('feedLinksOf', () => {
  it('takes RSS, Atom and JSON feeds, resolved against the page', () => {
    const html =
      alternate('/rss') +
      alternate('sea.atom', 'application/atom+xml; charset=utf-8') +
      alternate('//feeds.example/j', 'application/feed+json');
    expect(links(html).linked).toEqual([
      'https://harbour.example/rss',
      'https://harbour.example/news/sea.atom',
      'https://feeds.example/j',
    ]);
  });

  it('leaves feeds of comments, other alternates and style sheets', () => {
    const html =
      alternate('/comments/feed/') +
      alternate('/story/feed/', 'application/rss+xml', 'Harbour » A story Comments Feed') +
      '<link rel="alternate" hreflang="de" href="/de/">' +
      '<link rel="alternate" type="application/json" href="/wp-json/posts/1">' +
      '<link rel="stylesheet" type="text/css" href="/feed.css">';
    expect(links(html)).toEqual({ linked: [], anchors: [] });
  });

  it('takes one of two forms of the same feed', () => {
    const html =
      alternate('/feed/rss.xml', 'application/rss+xml', 'Harbour RSS') +
      alternate('/feed/atom.xml', 'application/atom+xml', 'Harbour Atom') +
      alternate('/sport/rss.xml');
    expect(links(html).linked).toEqual([
      'https://harbour.example/feed/rss.xml',
      'https://harbour.example/sport/rss.xml',
    ]);
  });

  it('understands the old feed: scheme', () => {
    expect(
      links(alternate('feed:https://harbour.example/rss') + alternate('feed://harbour.example/sea')).linked,
    ).toEqual(['https://harbour.example/rss', 'http://harbour.example/sea']);
  });

  it('sees links to feeds in the page, apart', () => {
    expect(
      links(
        '<a href="/rss/politics">RSS</a><a href="https://feeds.example/harbour">x</a><a href="/feedback">Feedback</a>',
      ).anchors,
    ).toEqual(['https://harbour.example/rss/politics']);
  });
});
