/** What an editor decides here that concerns more than this site: the caller sees to it. Each may throw, with a reason to show. */
export type SiteActions = {
  /** Withdraws an article wherever it was sent; it comes back here as `article.retracted`. */
  retract(articleId: string, reason: string): Promise<void>;
  /** Files an article under another category; it comes back here as `article.updated`. */
  refile(articleId: string, path: string): Promise<void>;
  /** Makes the story of an article part of another article's; both come back as `article.updated`. @returns its id */
  mergeStories(articleId: string, intoArticleId: string): Promise<string>;
  /** Puts an article into the story of another, or with null into one of its own. @returns the id of that story */
  moveToStory(articleId: string, besideArticleId: string | null): Promise<string>;
};

/**
 * The editor's desk: the password that all share, and where decisions go. Without a password only the editors of
 * `site.yaml` enter; where there are none either, the desk stays closed.
 */
export type DeskOptions = { password: string | null; actions: SiteActions };
