import { Component, type ReactNode } from "react";
import { Problem } from "./states";

interface Props {
  /** The path: on another page the error is over. */
  place: string;
  children: ReactNode;
}

/** Shows what went wrong in a page instead of it; navigation stays. */
export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidUpdate(before: Props) {
    if (before.place !== this.props.place && this.state.error !== null) this.setState({ error: null });
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <Problem error={this.state.error} retry={() => location.reload()} />;
  }
}
