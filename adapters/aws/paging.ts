/** Reads a paged answer to its end. A page that is cut off would be a fact that is missing. */
import { SpotOptimizerError } from "../../core/errors.ts";

export interface Pages<Page, Item> {
  readonly fetch: (token: string | undefined) => Promise<Page>;
  readonly items: (page: Page) => readonly Item[] | undefined;
  readonly next: (page: Page) => string | undefined;
}

/**
 * All items of all pages, in order. The end is a missing or an empty token (EC2 uses both). A token that comes
 * back twice in a row would never end: BrokenFacts.
 */
export const readAllPages = async <Page, Item>(pages: Pages<Page, Item>): Promise<Item[]> => {
  const found: Item[] = [];
  let token: string | undefined;
  for (;;) {
    const page = await pages.fetch(token);
    found.push(...(pages.items(page) ?? []));
    const next = pages.next(page);
    if (next === undefined || next === "") return found;
    if (next === token) {
      throw new SpotOptimizerError("BrokenFacts", "AWS sent the same page token twice in a row.");
    }
    token = next;
  }
};
