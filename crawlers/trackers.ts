import { TidyURL } from 'tidy-url';

/** Families of parameters that tell where a reader came from, never what is read. */
const PREFIXES =
  /^(utm|mtm|pk|piwik|matomo|hsa|ns|at|int|itm|ga|oly|vero|elq|sc|s_kw|stm|pf_rd|guce|wt|vgo|dm_i|mkt|xnpe|trk)[_.]/i;

/** Single ones, with those of news houses that no public list has. Lower case. */
const NAMES = new Set(
  `_ga _gl _hsenc _hsmi __hstc __hssc __hsfp hsctatracking __s __source __twitter_impression __tn__ _bta_tid _bta_c _ke _openstat _branch_match_id
  fbclid gclid gclsrc dclid gbraid wbraid msclkid twclid ttclid yclid ysclid igshid igsh li_fat_id rdt_cid epik wickedid srsltid mc_cid mc_eid mkt_tok
  cmp cmpid cmpi icid ocid ncid taid ftag mbid xtor xtcr smid smtyp emc sref srnd wpisrc wpmm wprss itid s_l ito ico ito_source feedtype feedname rpc
  guccounter traffic_source leadsource newsletter_id nl_id email_id emci emdi ceid sailthru smartcode soc_src soc_trk tsrc hpid intcmp
  ref_src ref_url referrer referer share sharetype shareid share_id amp_js_v amp_gsa usqp fb_action_ids fb_action_types fb_source fb_ref
  spm sudoxref cvid abcnewsembedheight socialhub intlink campaign_id cb_rss rss_id mod_rss partner_rss taboola_id outbrain_id dicbo obOrigUrl
  action_object_map action_type_map action_ref_map rref mtrref gwh gwt clicksource pgtype reflink _mc spot_im_reply_id spot_im_highlight_immediate`
    .toLowerCase()
    .split(/\s+/),
);

/** Parameters that may name the article; with such a value they only name the way to it. */
const SOMETIMES = new Set('ref source src from via mod partner rss referral origin recirc'.split(' '));
const WAYS =
  /^(rss|rssfeed|atom|feeds?|feedburner|twitter|tw|facebook|fb|linkedin|instagram|whatsapp|telegram|reddit|e-?mail|newsletter|social|shar(e|ing)|push|google|googlenews|flipboard|applenews|home|homepage|hp|front|nav|navigation|menu|header|footer|sidebar|related|recirc|trending|mostpopular|article_inline|rsshome|)$/i;

/** `tidy-url`'s lists by site. Only its names are used: its path rewriting and unwrapping of links would ask for other pages. */
const sites = TidyURL.rules.filter((r) => !r.match_href && (r.rules?.length ?? 0) > 0);
const bySite = new Map<string, Set<string>>();
const MAX_SITES = 2000;

function namesFor(host: string): Set<string> {
  const had = bySite.get(host);
  if (had) return had;
  const names = sites.filter((r) => new RegExp(r.match.source, 'i').test(host)).flatMap((r) => r.rules);
  const found = new Set(names.map((n) => n.toLowerCase()));
  if (bySite.size >= MAX_SITES) bySite.clear();
  bySite.set(host, found);
  return found;
}

/** Whether a parameter of a URL of this host only tells where the reader comes from. */
export function isTracker(host: string, name: string, value: string): boolean {
  const n = name.toLowerCase().replace(/^amp;/, '');
  return PREFIXES.test(n) || NAMES.has(n) || namesFor(host).has(n) || (SOMETIMES.has(n) && WAYS.test(value));
}
