/** Rules about the KMS keys of encrypted volumes and images, a rule for each kind of finding. */
import type { Account } from "../../model/account.ts";
import type { LaunchFacts } from "../../model/launch-check.ts";
import { keyFindings, type KeyFinding } from "./key-findings.ts";
import type { KeyWords } from "./key-words.ts";
import type { Objection } from "./objection.ts";

interface KeyRuleFacts {
  readonly account: Account;
  /** Absent: it was not asked. */
  readonly launch?: LaunchFacts;
}

type KeyRule = (facts: KeyRuleFacts) => Objection | undefined;

const codes: readonly KeyFinding["code"][] = [
  "KEY_UNUSABLE",
  "KEY_CLOSED_TO_SPOT",
  "KEY_CLOSED_TO_ROLE",
];

export const keyRules = (words: KeyWords): readonly KeyRule[] =>
  codes.map((code) => ({ launch, account }) => {
    const found = keyFindings(launch?.keys ?? [], account, words).filter(
      (each) => each.code === code,
    );
    return found.length === 0
      ? undefined
      : { code, sentence: found.map(({ sentence }) => sentence).join(" ") };
  });
