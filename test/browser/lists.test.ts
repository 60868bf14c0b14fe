/** Lists of what waits for persons, with long names, and one of each by itself. */
import { describeHeld, withBrowser } from "./held.ts";
import { approvalPath, longAnswers, wastePath } from "./long-lists.ts";
import { apiOf } from "./page-under-test.ts";

describeHeld(
  "long names",
  ["approvals", "waste", "governance", "accounts"].map((path) => ({
    name: path,
    api: () => apiOf(longAnswers),
    path: `/${path}`,
    shows: "td, .row-cards",
  })),
  withBrowser(),
);

describeHeld(
  "one with long names",
  [
    {
      name: "approval",
      api: () => apiOf(longAnswers),
      path: approvalPath,
      shows: "dl.known",
    },
    {
      name: "waste",
      api: () => apiOf(longAnswers),
      path: wastePath,
      shows: "dl.known",
    },
  ],
  withBrowser(),
);
