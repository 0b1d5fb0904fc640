import type { Article } from '../content.js';
import { type Html, html } from '../html.js';
import { type Site, written } from '../outlet.js';

export const day = (a: Article): string => written(a.publishedAt, 'en-US', 'America/New_York', { dateStyle: 'long' });
export const path = (a: Article): string =>
  `/${a.publishedAt.toISOString().slice(0, 10).replaceAll('-', '/')}/${a.slug}/`;

export const slugOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

const MENU: [string, string[]][] = [
  ['Home', []],
  ['Health & Welfare', ['Energy & Environment', 'Immigration']],
  ['Innovation', ['Foreign Policy', 'Courts', 'Regional']],
  ['National Security', []],
  ['Investigations', ['Technology']],
  ['White House', ['Agencies', 'Legislature', 'Politics']],
];

/** Everything in the menu that leads to a section page. */
export const MENU_NAMES: string[] = MENU.slice(1).flatMap(([name, below]) => [name, ...below]);

const item = (name: string, below: string[]): Html =>
  html`<li><a href="${name === 'Home' ? '/' : `/category/${slugOf(name)}/`}">${name}</a>${
    below.length > 0 && html`<ul class="sub-menu">${below.map((b) => item(b, []))}</ul>`
  }</li>`;

const menu = (): Html => html`<ul class="menu">${MENU.map(([name, below]) => item(name, below))}</ul>`;

const social = (): Html =>
  html`<div class="spc-social">${['Facebook', 'X (Twitter)', 'Instagram'].map((n) => html`<a href="https://social.example/${slugOf(n)}">${n}</a> `)}</div>`;

const panel = (
  title: string,
  articles: Article[],
): Html => html`<div class="widget"><h4 class="widget-title">${title}</h4>
${articles.map((a) => html`<div class="small-post"><a href="${path(a)}">${a.title}</a><div class="when">${day(a)}</div></div>`)}</div>`;

/** What stands before the article: the hidden menu, the bars and What's Hot. */
export function frontMatter(site: Site): Html {
  return html`<div class="off-canvas" hidden><a href="#" class="close">Close Menu</a><b>${site.name}</b>${menu()}
<div class="subscribe-box"><h3>Subscribe to Updates</h3><p>Subscribe to our newsletter and never miss our latest news</p><input placeholder="Email"><label><input type="checkbox"> By signing up, you agree to our terms and our Privacy Policy agreement.</label></div>
${panel("What's Hot", site.articles.slice(1, 4))}${social()}</div>
<header class="smart-head"><div class="wrap top"><div class="trending"><b>Trending</b> ${site.articles.slice(4, 7).map((a) => html`<a href="${path(a)}">${a.title}</a> `)}</div>${social()}</div>
<div class="wrap mast"><a href="/" class="logo">The Harbor Post</a><span class="motto">News from the capital and the coast</span></div>
<nav class="navigation"><div class="wrap">${menu()}</div></nav></header>`;
}

/** What follows the article: the author, related posts and the comment form. */
export function backMatter(by: string, related: Article[]): Html {
  return html`<div class="author-box"><b>${by}</b><ul><li><a href="/author/${slugOf(by)}/">Website</a></li></ul><p>Writes for The Harbor Post. Send tips to the newsroom; we read everything and print some of it.</p></div>
<section class="related-posts"><h4>Related <span>Posts</span></h4><div class="grid">${related.map(
    (a) => html`<article class="l-post"><a href="${path(a)}">${a.title}</a><div class="when">${day(a)}</div></article>`,
  )}</div></section>
<div class="comments" id="respond"><h3>Leave A Reply <small><a href="#">Cancel Reply</a></small></h3><form action="/subscribe/"><textarea placeholder="Your Comment"></textarea><input placeholder="Name *"><input placeholder="Email *"><label><input type="checkbox"> Save my name, email, and website in this browser for the next time I comment.</label><button>Post Comment</button></form></div>`;
}

/** Columns of panels, the small print and the search that lies over the page. */
export function footer(site: Site): Html {
  const at = (from: number, to: number): Article[] => site.articles.slice(from, to);
  return html`<footer class="main-footer"><div class="wrap cols">
${panel(
  'Regional',
  site.articles.filter((a) => ['Regional', 'Health & Welfare'].includes(a.section)),
)}${panel('Editors Picks', at(2, 6))}
<div class="widget about"><h4 class="widget-title">About Us</h4><p>Welcome to The Harbor Post, your source for news and analysis of the White House, the legislature and the coast. A fictional newspaper: nothing in it has happened.</p>${social()}</div>
${panel('Our Picks', at(0, 4))}</div>
<div class="wrap lower"><p>&copy; ${site.now.getUTCFullYear()} The Harbor Post. Designed by nobody in particular.</p>
<ul>${['Home', 'About Us', 'Advertise with Us', 'Contact Us', 'DMCA', 'Privacy Policy', 'Terms & Conditions'].map((n) => html`<li><a href="${n === 'Home' ? '/' : '/about/'}">${n}</a></li>`)}</ul></div>
<div class="search-modal" hidden><form><input placeholder="Search..."></form><p>Type above and press <em>Enter</em> to search. Press <em>Esc</em> to cancel.</p></div></footer>`;
}
