//! The prepared road graph and the network of shipping lanes.
