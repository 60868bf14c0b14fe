/** Rules about the KMS keys of encrypted volumes and of the image, a rule for each kind of finding. */
import { keyFindings, type KeyFinding } from "../key-findings.ts";
import type { OriginalRule } from "./rule.ts";

const ruleOf =
  (code: KeyFinding["code"]): OriginalRule =>
  ({ launch, account }) => {
    const found = keyFindings(launch?.keys ?? [], account).filter((each) => each.code === code);
    return found.length === 0
      ? undefined
      : { code, sentence: found.map(({ sentence }) => sentence).join(" ") };
  };

export const keyRules: readonly OriginalRule[] = [
  ruleOf("KEY_UNUSABLE"),
  ruleOf("KEY_CLOSED_TO_SPOT"),
  ruleOf("KEY_CLOSED_TO_ROLE"),
];
