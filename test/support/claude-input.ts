/** What every event's input has, as the agent's documentation shows it. */
export function commonFields(cwd: string, event: string): Record<string, unknown> {
  return {
    session_id: 'abc123',
    prompt_id: '550e8400-e29b-41d4-a716-446655440000',
    transcript_path: '/home/user/.claude/projects/x/abc123.jsonl',
    cwd,
    permission_mode: 'default',
    hook_event_name: event,
  }
}
