/** The conditions that bind a statement to what its owner enrolled, or to what we made. */
import {
  claimTag,
  deploymentTag,
  enrolTag,
  evaluationTag,
  managedByTag,
  purposeTag,
  retireAfterTag,
  targetTag,
} from "../../../core/model/tags.ts";

/** Carries the tag of a deployment: `ManagedBy` may be the owner's own. */
export const ours = { Null: { [`aws:ResourceTag/${deploymentTag}`]: "false" } } as const;

/** What we create is tagged so from its first moment. */
export const madeByUs = { Null: { [`aws:RequestTag/${deploymentTag}`]: "false" } } as const;

export const enrolled = { [`aws:ResourceTag/${enrolTag.key}`]: enrolTag.value } as const;

/** What else is written on an instance is its owner's. An empty list of keys would pass, and EC2 takes all tags away where a call names none. */
export const ourKeys = {
  "ForAllValues:StringEquals": {
    "aws:TagKeys": [
      managedByTag.key,
      deploymentTag,
      evaluationTag,
      targetTag,
      retireAfterTag,
      claimTag,
      purposeTag.key,
    ],
  },
  Null: { "aws:TagKeys": "false" },
} as const;
