/** Rule about what its owner has let us change: the role may change nothing else, and would be refused half-way. */
import { isOnDemand } from "../../../model/group.ts";
import { enrolTag } from "../../../model/tags.ts";
import { limitName } from "../../../policy/limit-name.ts";
import { listed } from "../objection.ts";
import { ofTemplate, type GroupRule } from "./rule.ts";

const isEnrolledWhole: GroupRule = ({ group: { asgName, unenrolled = [] } }) =>
  unenrolled.length === 0
    ? undefined
    : {
        code: "NOT_ENROLLED",
        sentence: `Of group ${asgName} and its target groups, ${listed(unenrolled)} lack${unenrolled.length === 1 ? "s" : ""} the tag ${enrolTag.key}=${enrolTag.value}, without which our role may not change it: set the tag on each (docs/permissions.md).`,
      };

/** One that is detached is stopped and tagged as a machine of its own: the tag of its group is not enough. */
const areMembersEnrolled: GroupRule = ({ group: { asgName, members }, policy }) => {
  const lacking =
    policy.keepOriginalsHours === 0
      ? []
      : members.filter(
          (member) => isOnDemand(member) && member.instance?.tags[enrolTag.key] !== enrolTag.value,
        );
  return lacking.length === 0
    ? undefined
    : {
        code: "NOT_ENROLLED",
        sentence: `Of the members of group ${asgName}, ${listed(lacking.map(({ instanceId }) => instanceId))} lack${lacking.length === 1 ? "s" : ""} the tag ${enrolTag.key}=${enrolTag.value}, without which our role may not keep an original stopped: set it on each, and let the group propagate it, or set ${limitName("keepOriginalsHours")} to 0.`,
      };
};

/** What the group would launch can't be said. (EC2 user guide, "Use a Systems Manager parameter instead of an AMI ID", Permissions.) */
const isParameterOpen = ofTemplate((template, { group: { asgName } }) => {
  const { templateId, version, imageParameter = "", isParameterClosed } = template;
  return isParameterClosed === undefined
    ? undefined
    : {
        code: "NOT_ENROLLED",
        sentence: `Our role may not read what ${imageParameter} names, by which launch template ${templateId} version ${String(version)} of group ${asgName} names its image: set the tag ${enrolTag.key}=${enrolTag.value} on the parameter (docs/permissions.md). Where it has it, update the role's stack.`,
      };
});

export const enrolmentRules: readonly GroupRule[] = [
  isEnrolledWhole,
  areMembersEnrolled,
  isParameterOpen,
];
