/** What is known of one thing: names with what they hold. What is not known has no line. */
import { Fragment, type ComponentChildren, type JSX } from "preact";

export type Fact = readonly [name: string, value: ComponentChildren];

const isKnown = ([, value]: Fact): boolean =>
  value !== undefined && value !== null && value !== "" && value !== false;

export const Facts = ({ facts }: { readonly facts: readonly Fact[] }): JSX.Element => (
  <dl class="known">
    {facts.filter(isKnown).map(([name, value]) => (
      <Fragment key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </Fragment>
    ))}
  </dl>
);

/** One as it is, several as a list. Undefined: there are none. */
export const sentences = (texts: readonly string[]): ComponentChildren => {
  if (texts.length <= 1) return texts[0];
  return (
    <ul>
      {texts.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
};
