/** Which intents nobody has settled yet: open, or left to the janitor. */
import { isSettingChange, type ChangeOf, type Intent } from "../../model/intent.ts";
import type { SettingKind } from "../../model/intents/group.ts";
import { isOpenIntent } from "./outcome.ts";

type Left = Intent & { readonly change: ChangeOf<SettingKind> };

export const isLeft = (intent: Intent): intent is Left =>
  intent.status === "COMMITTED" && isSettingChange(intent.change);

/** The janitor would put it back: a person who adopts a group decides about both. */
export const isUnsettled = (intent: Intent): boolean => isOpenIntent(intent) || isLeft(intent);
