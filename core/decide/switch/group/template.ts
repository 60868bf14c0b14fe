/** Rules about what the group would launch: a clone must be the same, and stand beside the others outside of the group for a while. */
import { taskSigns, type BootSign, type GroupTemplate } from "../../../model/group-template.ts";
import { maxTags, tagsOnReplacement } from "../../../model/tags.ts";
import { keyRules } from "../key-rules.ts";
import { groupKeyWords } from "../key-words.ts";
import { spotProductOf, spotProducts } from "../../offers/spot-product.ts";
import { listed } from "../objection.ts";
import { ofTemplate, type GroupRule } from "./rule.ts";

const named = ({ templateId, version }: GroupTemplate): string =>
  `Launch template ${templateId} version ${String(version)}`;

/** Source: EC2 Auto Scaling user guide, "Launch configurations": no new types since 2022, and new accounts make none. */
const hasTemplate: GroupRule = ({ group: { asgName, kind } }) =>
  kind.launchConfigurationName === undefined
    ? undefined
    : {
        code: "LAUNCH_CONFIGURATION",
        sentence: `Group ${asgName} launches from launch configuration ${kind.launchConfigurationName}, which knows neither new types nor versions: migrate it to a launch template (aws autoscaling update-auto-scaling-group --launch-template).`,
      };

const templateExists: GroupRule = ({ group }) => {
  const { asgName, kind, template, launchTemplate } = group;
  const isOther = kind.launchConfigurationName !== undefined || kind.mixedInstances !== undefined;
  if (isOther || template !== undefined) return undefined;
  const name = launchTemplate?.templateId ?? launchTemplate?.name ?? "unknown";
  return {
    code: "LAUNCH_TEMPLATE_MISSING",
    sentence: `EC2 does not show version ${launchTemplate?.version ?? "$Default"} of launch template ${name}, by which group ${asgName} launches: give the group a version that exists.`,
  };
};

/** Source: EC2 Auto Scaling API reference, AttachInstances: the image of the instance must still exist. */
const imageExists = ofTemplate((template) =>
  template.imageExists || template.isParameterClosed === true
    ? undefined
    : {
        code: "IMAGE_MISSING",
        sentence: `${named(template)} names image ${template.imageId}, which is not there: no instance can be launched or attached. Give the template an image that exists.`,
      },
);

const isOnDemandTemplate = ofTemplate((template) =>
  template.marketType === undefined
    ? undefined
    : {
        code: "TEMPLATE_ALREADY_SPOT",
        sentence: `${named(template)} asks for market type ${template.marketType}: what the group launches is bought so already, and there is nothing to convert.`,
      },
);

const hasOneType = ofTemplate((template) => {
  if (template.instanceType !== undefined && !template.hasInstanceRequirements) return undefined;
  const found = template.hasInstanceRequirements ? "attributes instead of a type" : "no type";
  return {
    code: "TEMPLATE_WITHOUT_TYPE",
    sentence: `${named(template)} names ${found}, so that nothing says what a replacement must offer: name a type in it.`,
  };
});

const typeIsKnown = ofTemplate((template, { group, type }) =>
  template.instanceType === undefined || type !== undefined
    ? undefined
    : {
        code: "INSTANCE_TYPE_UNKNOWN",
        sentence: `The catalogue of ${group.region} does not have type ${template.instanceType} of ${template.templateId}, so nothing can be compared with it: name a type of that region in the template.`,
      },
);

const platformIsSoldOnSpot = ofTemplate((template) => {
  const { platformDetails, imageId } = template;
  if (platformDetails === undefined || spotProductOf(platformDetails) !== undefined)
    return undefined;
  return {
    code: "PLATFORM_WITHOUT_SPOT_PRODUCT",
    sentence: `Platform "${platformDetails}" of image ${imageId} has no Spot product (Spot sells ${listed(spotProducts)}): keep the group On-Demand, or move the load to one of these.`,
  };
});

const isWithoutProductCodes = ofTemplate(({ productCodes, imageId }) =>
  productCodes.length === 0
    ? undefined
    : {
        code: "PRODUCT_CODES",
        sentence: `Image ${imageId} carries product code ${listed(productCodes)} (Marketplace), whose licence may not cover clones on Spot: rebuild it from an image without product codes.`,
      },
);

const losesNothing = ofTemplate((template) =>
  template.notCarried.length === 0
    ? undefined
    : {
        code: "NOT_CARRIED",
        sentence: `A clone from ${named(template)} would lack ${listed(template.notCarried)}: take it out of the template if it is not needed, or keep the group On-Demand.`,
      },
);

const hasRoomForTags = ofTemplate((template, { group }) => {
  const keys = [...template.tagKeys, ...Object.keys(group.propagatedTags)];
  // Attaching adds one of AWS's own, which does not count.
  const count = tagsOnReplacement(Object.fromEntries(keys.map((key) => [key, ""])));
  if (count <= maxTags) return undefined;
  return {
    code: "TOO_MANY_TAGS",
    sentence: `A resource takes ${String(maxTags)} tags, AWS's own aside, and with ours a clone in group ${group.asgName} would have ${String(count)}: take tags away, for nobody can raise that limit.`,
  };
});

const keyPairExists = ofTemplate(({ keyName = "", templateId }, { launch }) =>
  launch?.keyPairExists === false
    ? {
        code: "KEY_PAIR_MISSING",
        sentence: `Key pair ${keyName} of ${templateId} no longer exists, and EC2 refuses a clone with it: import its public key under that name (aws ec2 import-key-pair --key-name ${keyName}).`,
      }
    : undefined,
);

const ec2WouldLaunch = ofTemplate((template, { launch }) =>
  launch?.refusal === undefined
    ? undefined
    : {
        code: "LAUNCH_REFUSED",
        sentence: `EC2 would refuse to launch a clone from ${named(template)}: ${launch.refusal.code}, ${launch.refusal.message.replace(/\.$/, "")}. Mend what it names, and evaluate again.`,
      },
);

const isTask = (sign: BootSign): boolean => taskSigns.includes(sign);

const bootsAlone = ofTemplate((template, { group }) => {
  const signs = template.bootSigns.filter((sign) => !isTask(sign));
  return signs.length === 0
    ? undefined
    : {
        code: "GROUP_DEPENDENT_BOOT",
        sentence: `User data of ${named(template)} uses ${listed(signs)}, which works in group ${group.asgName} only: a clone boots before it is attached, and would never become healthy. Use a mixed-instances policy of the group, or take that out of the boot.`,
      };
});

/** Ending a healthy host would kill what others run on it: nothing of the group says that they are drained. */
const runsNoTasksOfOthers = ofTemplate((template) => {
  const signs = template.bootSigns.filter(isTask);
  return signs.length === 0
    ? undefined
    : {
        code: "CONTAINER_HOST",
        sentence: `User data of ${named(template)} makes a host for tasks of others (${listed(signs)}), and those are not drained when the host leaves: use the orchestrator's own Spot setting, such as a Spot capacity provider.`,
      };
});

export const templateRules: readonly GroupRule[] = [
  hasTemplate,
  templateExists,
  imageExists,
  isOnDemandTemplate,
  hasOneType,
  typeIsKnown,
  platformIsSoldOnSpot,
  isWithoutProductCodes,
  bootsAlone,
  runsNoTasksOfOthers,
  losesNothing,
  hasRoomForTags,
  keyPairExists,
  ...keyRules(groupKeyWords),
  ec2WouldLaunch,
];
