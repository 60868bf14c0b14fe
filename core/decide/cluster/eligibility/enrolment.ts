/** Rule about what its owner has let us change: the role may change nothing else, and would be refused half-way. */
import { enrolTag } from "../../../model/tags.ts";
import { listed } from "../../switch/objection.ts";
import type { GroupRule } from "./rule.ts";

const isEnrolledWhole: GroupRule = ({ group: { asgName, unenrolled = [] } }) =>
  unenrolled.length === 0
    ? undefined
    : {
        code: "NOT_ENROLLED",
        sentence: `Of group ${asgName} and its target groups, ${listed(unenrolled)} lack${unenrolled.length === 1 ? "s" : ""} the tag ${enrolTag.key}=${enrolTag.value}, without which our role may not change it: set the tag on each (docs/permissions.md).`,
      };

export const enrolmentRules: readonly GroupRule[] = [isEnrolledWhole];
