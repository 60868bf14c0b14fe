/** The models of the Kubernetes client as a bundle has them: spelled out in one text, which is read when the first answer is. */

/** Name in our objects, name on the wire, type, format. */
export type SpelledAttribute = readonly [
  name: string,
  baseName: string,
  type: string,
  format: string,
];

/** By the model's name. */
export type SpelledModels = Readonly<Record<string, readonly SpelledAttribute[]>>;

interface Attribute {
  readonly name: string;
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

/** What the client's own serializer asks of a model's class. */
interface Model {
  new (): object;
  readonly getAttributeTypeMap: () => readonly Attribute[];
}

/** An answer's object, whose attributes the serializer sets. */
class Made {
  readonly [attribute: string]: unknown;
}

const modelOf = (spelled: readonly SpelledAttribute[]): Model => {
  const attributes = spelled.map(([name, baseName, type, format]) => ({
    ...{ name, baseName, type, format },
  }));
  return class extends Made {
    static readonly getAttributeTypeMap = () => attributes;
  };
};

/** @param text `SpelledModels` as JSON */
export const modelsOf = (text: string): Readonly<Record<string, Model>> => {
  const spelled = JSON.parse(text) as SpelledModels;
  return Object.fromEntries(Object.entries(spelled).map(([name, each]) => [name, modelOf(each)]));
};
