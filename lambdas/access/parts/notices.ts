/** What lets us tell an account's owner by a topic of his own. */
import type { RolePart } from "./part.ts";

export const noticesPart: RolePart = {
  feature: "notices",
  isOptIn: true,
  purpose:
    "Tell you by SNS topics whose name begins with spot-optimizer- what was done and what needs you.",
  statements: [
    {
      sid: "TellByTopics",
      actions: ["sns:Publish"],
      resources: ["arn:aws:sns:*:*:spot-optimizer-*"],
    },
  ],
};
