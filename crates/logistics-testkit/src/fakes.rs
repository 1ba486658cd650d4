//! Fakes of ports that look outside the program.
