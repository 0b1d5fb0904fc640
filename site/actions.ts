/** Editors' decisions that affect more than this site; the caller carries them out. Each may throw, with a reason to show. */
export type SiteActions = {
  /** Retracts an article everywhere it was sent. This site then receives `article.retracted`. */
  retract(articleId: string, reason: string): Promise<void>;
  /** Changes the category of an article. This site then receives `article.updated`. */
  refile(articleId: string, path: string): Promise<void>;
  /** Merges the story of an article into another article's. Both arrive as `article.updated`. @returns the id of the merged story */
  mergeStories(articleId: string, intoArticleId: string): Promise<string>;
  /** Moves an article into the story of another; null gives it a new story. @returns the id of that story */
  moveToStory(articleId: string, besideArticleId: string | null): Promise<string>;
};

/**
 * The editor's desk: the shared password, and what carries out decisions. Without a shared password only the editors in
 * `site.yaml` can log in; without those either, the desk stays closed.
 */
export type DeskOptions = { password: string | null; actions: SiteActions };
