import { GraphQLError } from 'graphql';

export interface PageArguments {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

const mostNodes = 100;

/**
 * A page of a GraphQL connection.
 * @throws GraphQLError as GitHub does, when neither `first` nor `last` is given, or one is above 100
 */
export function connection(name: string, items: readonly unknown[], args: PageArguments): Record<string, unknown> {
  const size = args.first ?? args.last;
  if (size === null || size === undefined) {
    throw new GraphQLError(
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
      { extensions: { type: 'MISSING_PAGINATION_BOUNDARIES' } },
    );
  }
  if (size > mostNodes) {
    const field = typeof args.first === 'number' ? 'first' : 'last';
    throw new GraphQLError(
      `Requesting ${size} records on the \`${name}\` connection exceeds the \`${field}\` limit of ${mostNodes} records.`,
      { extensions: { type: 'EXCESSIVE_PAGINATION' } },
    );
  }
  const from = args.after ? position(args.after) + 1 : 0;
  const to = args.before ? position(args.before) : items.length;
  const start = typeof args.first === 'number' ? from : Math.max(from, to - size);
  const end = typeof args.first === 'number' ? Math.min(from + size, to) : to;
  const nodes = items.slice(start, end);
  return {
    nodes,
    edges: nodes.map((node, index) => ({ node, cursor: cursor(start + index) })),
    totalCount: items.length,
    pageInfo: {
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
      startCursor: nodes.length > 0 ? cursor(start) : null,
      endCursor: nodes.length > 0 ? cursor(end - 1) : null,
    },
  };
}

function cursor(index: number): string {
  return Buffer.from(`cursor:v2:${index}`).toString('base64');
}

function position(text: string): number {
  const match = /^cursor:v2:(\d+)$/.exec(Buffer.from(text, 'base64').toString());
  if (match === null) {
    throw new GraphQLError(`\`${text}\` does not appear to be a valid cursor.`, {
      extensions: { type: 'INVALID_CURSOR_ARGUMENTS' },
    });
  }
  return Number(match[1]);
}
